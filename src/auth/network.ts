/** Which addresses count as one client. */
import ipaddr from 'ipaddr.js';

export interface Network {
  kind: 'ipv4' | 'ipv6';
  name: string;
}

/** An IPv4 address counts for itself, an IPv6 one as its /64: a single subscriber holds all of that. */
export function networkOf(address: string): Network {
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return { kind: 'ipv4', name: parsed.toString() };
  return { kind: 'ipv6', name: parsed.parts.slice(0, 4).join(':') };
}
