/** What comes back where Magento itself does not answer: HTML, whatever was asked for. */
import type { ShopSettings } from './shop.ts';

/** An answer that is no JSON. */
export interface Page {
  status: number;
  type: string;
  body: string;
}

function html(title: string): string {
  return `<!doctype html>\n<html>\n<head>\n    <title>${title}</title>\n</head>\n<body><h1>${title}</h1></body>\n</html>\n`;
}

const PROCESSING = 'There has been an error processing your request';
const HTML = 'text/html; charset=UTF-8';

const PAGES: Record<NonNullable<ShopSettings['outage']>, Page> = {
  maintenance: { status: 503, type: HTML, body: html('Error 503: Service Unavailable') },
  // HTML by content, plain text by its label: so the real one sends it.
  database: { status: 500, type: 'text/plain;charset=UTF-8', body: html(PROCESSING) },
  php: { status: 502, type: HTML, body: html('502 Bad Gateway') },
};

/** The page of an outage, or `null` while there is none. */
export function outagePage(outage: ShopSettings['outage']): Page | null {
  return outage && PAGES[outage];
}

/** The answer to `Accept: text/html`. */
export const UNACCEPTABLE_PAGE: Page = { status: 500, type: HTML, body: html(PROCESSING) };
