export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0d5661" />
      <path d="M16 6.5c-4 0-6.6 3-6.6 7.2 0 4.4-1.2 6.2-2.4 7.4h18c-1.2-1.2-2.4-3-2.4-7.4 0-4.2-2.6-7.2-6.6-7.2z" fill="#fff" />
      <circle cx="16" cy="24.2" r="2.3" fill="#ffb454" />
    </svg>
  );
}
