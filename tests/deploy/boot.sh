#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A machine of its own with the units and a card, whose disk is this one's: what is written there is gone afterwards.
# In the environment: $folder, $checkout, $python, $libraries, $command and $token.
set -e
mount -t tmpfs tmpfs "$folder/disk"; cd "$folder/disk"; mkdir changed work root
mount -t overlay overlay -o lowerdir=/,upperdir=changed,workdir=work root; cd root
mount -t proc proc proc; mount --bind proc/sys proc/sys; mount -o remount,bind,ro proc/sys
mount -t sysfs sysfs sys; mount -t cgroup2 cgroup2 sys/fs/cgroup; mount --rbind /dev dev; mount -t tmpfs tmpfs run
rm -rf opt etc/ivr etc/systemd/system
mkdir -p opt/ivr/bin opt/checkout opt/python opt/libraries etc/ivr etc/systemd/system
mount --bind "$checkout" opt/checkout; mount --bind "$python" opt/python; mount --bind "$libraries" opt/libraries
cp -r "$folder/card" etc/ivr/prompts
cp -r "$checkout"/deploy/systemd/* etc/systemd/system
printf '[Service]\nExecStart=/bin/sh -c "ulimit -c unlimited; exec sleep 999"\n' >etc/systemd/system/asterisk.service
printf '%s\n' LD_LIBRARY_PATH=/opt/python/lib PYTHONHOME=/opt/python PYTHONPATH=/opt/checkout:/opt/libraries \
    IVR_PUBLIC_URL=https://lijn.example >etc/ivr/ivr.env
printf '#!/bin/sh\nexec /opt/python/bin/python3 -c "%s" "$@"\n' "$command" >opt/ivr/bin/ivr
printf '#!/bin/sh\n' >etc/ivr/alarm; chmod 755 opt/ivr/bin/ivr etc/ivr/alarm; echo "$token" >etc/ivr/twilio_auth_token
echo 'ivr-asterisk:x:970:65534::/:/bin/false' >>etc/passwd; ip link set lo up
mkdir old; pivot_root . old; cd /; umount -l old; mount --make-rshared /
exec env -i container=test /lib/systemd/systemd --unit=basic.target
