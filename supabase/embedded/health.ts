/** Health per service for the gateway's `/health`: each asked at the same time, none waited for long. */
const PATIENCE_MS = 2_000;

/** Works when it neither throws nor answers false. */
export type HealthCheck = () => unknown;

export async function checkHealth(
	checks: Record<string, HealthCheck>
): Promise<Record<string, 'ok' | 'down'>> {
	const states = await Promise.all(
		Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const)
	);
	return Object.fromEntries(states);
}

async function ask(check: HealthCheck): Promise<'ok' | 'down'> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<false>((resolve) => {
		timer = setTimeout(() => resolve(false), PATIENCE_MS);
	});
	try {
		return (await Promise.race([(async () => check())(), late])) === false ? 'down' : 'ok';
	} catch {
		return 'down';
	} finally {
		clearTimeout(timer);
	}
}

type Answering = { fetch(request: Request): Promise<Response> };

/** Whether Auth answers its own health check. */
export async function answersHealth(app: Answering, url: string, apikey: string): Promise<boolean> {
	return (await app.fetch(new Request(`${url}/auth/v1/health`, { headers: { apikey } }))).ok;
}
