# SPDX-License-Identifier: EUPL-1.2
"""The other end of the line: one strict interpreter of TwiML, and what carries its requests to a service.

`rules` says which TwiML there is, `interpreter` carries it out as a generator, `events` is what passes between a line
and a handset, `goto` and `transport` make the requests, `handsets` are for people.
"""
