// The catalogue of errors, docs/errors.md, in pieces that can be shown without any HTML of its own.
export interface Described {
  code: string;
  paragraphs: string[];
  points: string[];
}

export function readCatalogue(markdown: string): Described[] {
  const found: Described[] = [];
  for (const block of markdown.split(/\n\s*\n/)) {
    const heading = /^## (\w+)\s*$/.exec(block);
    if (heading) found.push({ code: heading[1]!, paragraphs: [], points: [] });
    const here = found.at(-1);
    if (!here || heading) continue;
    if (block.startsWith('- ')) here.points.push(...block.slice(2).split(/\n- /).map(oneLine));
    else here.paragraphs.push(oneLine(block));
  }
  return found;
}
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

// "a `b` c": the odd ones are code.
export const codeParts = (text: string): string[] => text.split('`');
