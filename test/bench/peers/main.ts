/** One peer as a process: `node main.js <name>`, its settings as JSON in `PEER`. */
import type { Peer, PeerSettings } from './settings.ts';

const [, , name = ''] = process.argv;
const { serve } = (await import(`./${name}.js`)) as { serve(settings: PeerSettings): Promise<Peer> };
await serve(JSON.parse(process.env.PEER ?? ''));
