/** Cards of the schema's picture, as the HTML that Graphviz takes for labels. */
export const FONT = 'Courier';
export const INK = '#1f2937';
export const GAP = 7;

const QUIET = '#6b7280';
const LINE = '#d1d5db';
const FONT_SIZE = 12;
const LINE_HEIGHT = FONT_SIZE * 1.2;
const PADDING = 4;
const LINE_LENGTH = 36;

/** HTML of a card, and its height in points. */
export interface Card {
  html: string;
  height: number;
}

/** `quiet` stands to the right, in grey; an edge may begin there under the name of `port`. */
export interface Row {
  text: string;
  quiet: string;
  port?: string;
}

/** A headline, names in lines of a readable length, and a row for each thing that needs one. */
export function cardOf(
  color: string,
  title: string,
  names: readonly string[],
  rows: readonly Row[] = [],
): Card {
  const lines = wrapped(
    names,
    Math.max(LINE_LENGTH, ...rows.map(({ port = '', quiet }) => `${port}  ${quiet}`.length)),
  );
  const cells = [
    `<TD PORT="head" COLSPAN="2" ALIGN="LEFT" BGCOLOR="${color}"><FONT COLOR="white"><B>${title}</B></FONT></TD>`,
    ...(lines.length > 0
      ? [`<TD COLSPAN="2" ALIGN="LEFT">${lines.join('<BR ALIGN="LEFT"/>')}<BR ALIGN="LEFT"/></TD>`]
      : []),
    ...rows.map(
      ({ text, quiet, port }) =>
        `<TD ALIGN="LEFT">${text}</TD>` +
        `<TD ALIGN="${port ? 'RIGHT' : 'LEFT'}"${port ? ` PORT="${port}"` : ''}><FONT COLOR="${QUIET}">${quiet}</FONT></TD>`,
    ),
  ];
  return {
    html: `<TABLE BORDER="1" COLOR="${LINE}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="${PADDING}">${inRows(cells)}</TABLE>`,
    height: cells.length * (LINE_HEIGHT + 2 * PADDING) + Math.max(0, lines.length - 1) * LINE_HEIGHT,
  };
}

/** Cards side by side, each put where there is most room. */
export function columns(cards: readonly Card[], count: number): string {
  const stacks = Array.from({ length: count }, () => ({ cells: [] as string[], height: 0 }));
  for (const { html, height } of cards) {
    const shortest = stacks.reduce((one, other) => (other.height < one.height ? other : one));
    shortest.cells.push(`<TD>${html}</TD>`);
    shortest.height += height + 2 * GAP;
  }
  const highest = Math.max(...stacks.map(({ height }) => height));
  const cells = stacks.map(({ cells, height }) => {
    // Graphviz would stretch the cards of a shorter column.
    const rest = `<TD HEIGHT="${Math.floor(highest - height)}" CELLPADDING="0"></TD>`;
    return `<TD>${bare(inRows(height < highest ? [...cells, rest] : cells), GAP)}</TD>`;
  });
  return bare(`<TR>${cells.join('')}</TR>`);
}

/** A table without lines, each cell a row. */
export const stack = (...contents: readonly string[]) =>
  bare(inRows(contents.map((content) => `<TD ALIGN="LEFT">${content}</TD>`)), GAP);

const inRows = (cells: readonly string[]) => cells.map((cell) => `<TR>${cell}</TR>`).join('');
const bare = (rows: string, padding = 0) =>
  `<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="${padding}">${rows}</TABLE>`;

function wrapped(names: readonly string[], length: number): string[] {
  const fitting = new RegExp(`(.{1,${length - 1}}|\\S+)(\\s|$)`, 'g');
  return [...names.join(', ').matchAll(fitting)].map(([, line = '']) => line);
}
