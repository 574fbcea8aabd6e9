// The moment that a result's id names: monitor, location, clock epoch, slot in microseconds, attempt. Null for a text that is no id.
export function momentOf(id: string): number | null {
  const slot = /^\d+-\d+-\d+-(\d{1,19})-\d+$/.exec(id)?.[1];
  if (slot === undefined) return null;
  const ms = Number(slot) / 1000;
  // A date that a calendar knows; an id of another form than ours has some other number there.
  return ms > 1e12 && ms < 4e12 ? ms : null;
}
