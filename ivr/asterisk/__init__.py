# SPDX-License-Identifier: EUPL-1.2
"""`ivr asterisk`: the same line, carried by an Asterisk of one's own instead of Twilio. SIP, sound and keys are its."""
