/** A private backend that can be killed: its parts, or all of it at once. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { copyTemplate, prepareTemplates, removeHome } from '../support/template.ts';
import type { Addresses, Question } from './backend-process.ts';

const script = fileURLToPath(new URL('backend-process.ts', import.meta.url));

export class Backend {
	#home: string;
	#ports: { api: number; db: number };
	#child: ChildProcess | null = null;
	#addresses: Addresses | null = null;

	private constructor(home: string, ports: { api: number; db: number }) {
		this.#home = home;
		this.#ports = ports;
	}

	/** The demo company, in a home of its own. */
	static async start(): Promise<Backend> {
		await prepareTemplates();
		const ports = { api: await freePort(), db: await freePort() };
		const backend = new Backend(copyTemplate('demo'), ports);
		await backend.#begin();
		return backend;
	}

	/** Where it listens; the same after every restart. */
	get addresses(): Addresses {
		if (!this.#addresses) throw new Error('the backend has never been up');
		return this.#addresses;
	}

	get port(): number {
		return this.#ports.api;
	}

	/** kill -9 of the process that is gateway, Auth, REST and Realtime in one; then a new one. */
	async killAll(): Promise<void> {
		this.#child?.kill('SIGKILL');
		if (this.#child) await once(this.#child, 'exit');
		await this.#begin();
	}

	/** kill -9 of the postmaster; the backend starts it again by itself. */
	async killPostgres(): Promise<void> {
		await this.#ask({ kind: 'kill_postgres' });
	}

	async restartRealtime(): Promise<void> {
		await this.#ask({ kind: 'restart_realtime' });
	}

	async dispose(): Promise<void> {
		await this.#ask({ kind: 'stop' });
		this.#child?.disconnect();
		removeHome(this.#home);
	}

	async #begin(): Promise<void> {
		// what it says about being killed is of no interest, unless somebody asks
		const errors = process.env.CONVERGE_LOUD ? 'inherit' : 'ignore';
		this.#child = fork(script, {
			serialization: 'advanced',
			execArgv: [],
			stdio: ['ignore', errors, errors, 'ipc']
		});
		this.#addresses = await this.#ask({ kind: 'start', home: this.#home, ports: this.#ports });
	}

	#ask(question: Question): Promise<Addresses> {
		const child = this.#child;
		if (!child) throw new Error('the backend is not running');
		return new Promise((resolve, reject) => {
			const fail = () => reject(new Error('the backend ended'));
			child.once('exit', fail);
			child.once('message', (answer) => {
				child.off('exit', fail);
				resolve(answer as Addresses);
			});
			child.send(question);
		});
	}
}
