/** Sent with every answer. Nothing is loaded from, sent to, or framed by anything but this host; no text is ever run as code. */
export function securityHeaders(port: number): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Heatmaps and exported figures are drawn by the window itself, into data: and blob: images.
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Named besides 'self' for browsers in which 'self' does not cover WebSockets.
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
