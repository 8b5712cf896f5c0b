/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
/**
 * Keeps what never changes (the build's hashed files, the static ones) and nothing of anybody's
 * data: pages come from the network, and without one a page says so. Shows push messages, in the
 * language the page registered it with, and their number on the app's icon.
 */
import { build, files, version } from '$service-worker';
import { m } from '$lib/paraglide/messages.js';
import { baseLocale, isLocale } from '$lib/paraglide/runtime.js';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const CACHE = `verstak-${version}`;
const SHELL = '/offline.html';
const kept = new Set([...build, ...files]);

interface PushMessage {
	readonly template: string;
	readonly order_id: number;
	readonly problem: string | null;
	readonly address: string | null;
	/** assignments that wait for an answer */
	readonly badge: number;
}

worker.addEventListener('install', (event) => {
	event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...kept])));
});

worker.addEventListener('activate', (event) => {
	event.waitUntil(
		caches.keys().then(async (names) => {
			const old = names.filter((name) => name.startsWith('verstak-') && name !== CACHE);
			await Promise.all(old.map((name) => caches.delete(name)));
		})
	);
});

worker.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
	if (kept.has(url.pathname)) {
		event.respondWith(caches.match(url.pathname).then((found) => found ?? fetch(request)));
	} else if (request.mode === 'navigate') event.respondWith(page(request));
});

async function page(request: Request): Promise<Response> {
	try {
		return await fetch(request);
	} catch (error) {
		const shell = await caches.match(SHELL);
		if (shell) return shell;
		throw error;
	}
}

// the page asks for it when the person wants the new version
worker.addEventListener('message', (event) => {
	if (event.data === 'skip_waiting') void worker.skipWaiting();
});

worker.addEventListener('push', (event) => {
	const message = event.data?.json() as PushMessage | undefined;
	if (message?.template === 'order_assigned') event.waitUntil(announce(message));
});

async function announce({ order_id, problem, address, badge }: PushMessage): Promise<void> {
	const asked = new URL(worker.location.href).searchParams.get('language');
	const locale = isLocale(asked) ? asked : baseLocale;
	await worker.registration.showNotification(
		m.push_new_order({ order: `№${order_id}` }, { locale }),
		{
			body: [problem, address].filter(Boolean).join('\n'),
			icon: '/icon-192.png',
			badge: '/icon-192.png',
			tag: `order-${order_id}`
		}
	);
	await navigator.setAppBadge?.(badge);
}

worker.addEventListener('notificationclick', (event) => {
	event.notification.close();
	event.waitUntil(openWork());
});

async function openWork(): Promise<void> {
	const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
	const open = windows.find(({ url }) => new URL(url).pathname === '/app/my');
	if (open) await open.focus();
	else await worker.clients.openWindow('/app/my');
}
