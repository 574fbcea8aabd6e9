// Addresses of a name in a sentence: a few of them, the others as a number.
const kShown = 4;

export function addressList(all: readonly string[]): string {
  const more = all.length - kShown;
  return all.slice(0, kShown).join(', ') + (more > 0 ? ` +${more}` : '');
}
