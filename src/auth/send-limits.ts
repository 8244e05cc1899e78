/** How often messages may be sent, by whom and to whom. */
import type { Store } from '../stores/store.ts';
import { networkOf } from './network.ts';
import type { Client } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { type Admission, throttleOf } from './throttle.ts';

export interface SendSettings {
  pauseSeconds: number;
  perTargetHour: number;
  perTargetDay: number;
  ipv4: { perHour: number; targets: number };
  ipv6: { perHour: number; targets: number };
}

const HOUR_SECONDS = 60 * 60;

export type SendLimits = ReturnType<typeof sendLimitsOf>;

/** Limits for one kind of message; `purpose` keeps the counts of different kinds apart. */
export function sendLimitsOf(store: Store, secrets: Secrets, purpose: string, settings: SendSettings) {
  const perTarget = throttleOf(store, `${purpose}-target`, {
    windows: [
      { seconds: HOUR_SECONDS, most: settings.perTargetHour },
      { seconds: 24 * HOUR_SECONDS, most: settings.perTargetDay },
    ],
    pauseSeconds: () => settings.pauseSeconds,
  });
  const perNetwork = (kind: 'ipv4' | 'ipv6') =>
    throttleOf(store, `${purpose}-${kind}`, {
      windows: [{ seconds: HOUR_SECONDS, most: settings[kind].perHour }],
      targets: settings[kind].targets,
    });
  // Carriers and hospitals share one IPv4 address among many people; an IPv6 /64 is one household.
  const networks = { ipv4: perNetwork('ipv4'), ipv6: perNetwork('ipv6') };
  const idOf = (target: string) => secrets.mac('throttle', target);

  return {
    /** `target` is whom the message is for, such as a phone; it is kept only as a hash. */
    async admit(target: string, client: Client): Promise<Admission> {
      const id = idOf(target);
      if (client.address === null) return perTarget.admit(id);
      const { kind, name } = networkOf(client.address);
      const [network, sender, receiver] = [networks[kind], idOf(name), id.slice(0, 12)];
      const admission = await network.admit(sender, receiver);
      if (admission.kind === 'refused') return admission;
      const sending = await perTarget.admit(id);
      // Nothing goes out then, so it must not use up what others of that network may send.
      if (sending.kind === 'refused') await network.withdraw(sender, receiver);
      return sending;
    },

    /** Lets the next message to the target go out at once. */
    async endPause(target: string): Promise<void> {
      await perTarget.endPause(idOf(target));
    },
  };
}
