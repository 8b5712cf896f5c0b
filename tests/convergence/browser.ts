/** What the board asks of a browser beside a network: frames, and whether the page is awake. */
import { setMaxListeners } from 'node:events';
import { vi } from 'vitest';

export function pretendBrowser(): void {
	const window = Object.assign(new EventTarget(), { WebSocket });
	const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
	// twenty pages in one
	setMaxListeners(1000, window, document);
	vi.stubGlobal('window', window);
	vi.stubGlobal('document', document);
	vi.stubGlobal('navigator', { onLine: true, userAgent: 'verstak-test' });
	vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
	vi.stubGlobal('cancelAnimationFrame', (frame: NodeJS.Timeout) => clearTimeout(frame));
}
