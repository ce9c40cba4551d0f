import { type Html, html, type Part } from "./html.ts";

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => Part;
  /** Numbers stand on the right. */
  readonly isNumber?: boolean;
}

export interface TableInput<T> {
  readonly caption: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
}

/** A table that scrolls by itself where it is too wide, by keyboard too. */
export function table<T>({ caption, rows, columns }: TableInput<T>): Html {
  const look = ({ isNumber }: Column<T>) => (isNumber === true ? html` class="n"` : null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${columns.map(
    (column) => html`<th scope="col"${look(column)}>${column.head}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map((column) => html`<td${look(column)}>${column.cell(row)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** A part of a page under a heading of its own. */
export function part(id: string, heading: string, ...content: readonly Part[]): Html {
  return html`<section class="part" aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${content}</section>`;
}
