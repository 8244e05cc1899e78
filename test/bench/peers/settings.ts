/** What every peer is told by its environment. */
import type { JWK } from 'jose';

/** `cached`: a token once verified is not verified again until it expires. */
export type TokenCheck = 'each time' | 'cached';

export interface PeerSettings {
  port: number;
  m2Url: string;
  m2Token: string;
  eservicesUrl: string;
  smsUrl: string;
  redisUrl: string;
  /** The private key of all tokens: P-256, as JWK. */
  key: JWK;
  issuer: string;
  audience: string;
  routerSecret: string;
  tokenCheck: TokenCheck;
  /** One of pino's, for those that write a log. */
  logLevel: string;
}

export interface Peer {
  close(): Promise<void>;
}
