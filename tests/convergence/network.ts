/**
 * The network between the boards and the gateway: a relay that loses connections in the middle of
 * whatever they carry, so that answers get lost too, not only questions.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Random } from './chance.ts';

type Link = { near: Socket; far: Socket };

export class Network {
	#server: Server;
	#links = new Set<Link>();
	#down = false;

	private constructor(port: number) {
		this.#server = createServer((near) => this.#join(near, port));
	}

	/** A network in front of a port of this machine. */
	static async to(port: number): Promise<Network> {
		const network = new Network(port);
		network.#server.listen(0, '127.0.0.1');
		await once(network.#server, 'listening');
		return network;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Resets a part (0–1) of all connections, sockets and requests alike. */
	cut(random: Random, part: number): void {
		for (const link of [...this.#links]) if (random.chance(part)) this.#lose(link);
	}

	/** No network at all for a while (ms). */
	async fail(ms: number): Promise<void> {
		this.#down = true;
		for (const link of [...this.#links]) this.#lose(link);
		await new Promise((resolve) => setTimeout(resolve, ms));
		this.#down = false;
	}

	close(): void {
		this.#server.close();
		for (const link of [...this.#links]) this.#lose(link);
	}

	#join(near: Socket, port: number): void {
		if (this.#down) return void near.resetAndDestroy();
		const link = { near, far: connect(port, '127.0.0.1') };
		this.#links.add(link);
		near.pipe(link.far);
		link.far.pipe(near);
		for (const socket of [link.near, link.far]) {
			socket.setNoDelay(true);
			socket.on('error', () => {});
			socket.on('close', () => this.#lose(link));
		}
	}

	#lose(link: Link): void {
		if (!this.#links.delete(link)) return;
		link.near.resetAndDestroy();
		link.far.resetAndDestroy();
	}
}
