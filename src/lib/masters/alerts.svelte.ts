/**
 * Sound and vibration at a new assignment, each turned on and off by the person; kept on the device
 * under the person's id. Browsers allow sound only after the page was touched once.
 */
const NOTES = [880, 1175, 880, 1175];
const NOTE_SECONDS = 0.16;
const PATTERN = [200, 100, 200];

export class Alerts {
	#key: string;
	#context: AudioContext | null = null;
	#sound = $state(true);
	#vibration = $state(true);

	/** @param person the user id */
	constructor(person: string) {
		this.#key = `verstak-alerts-${person}`;
	}

	get sound(): boolean {
		return this.#sound;
	}

	set sound(on: boolean) {
		this.#sound = on;
		this.#save();
		if (on) this.#play();
	}

	get vibration(): boolean {
		return this.#vibration;
	}

	set vibration(on: boolean) {
		this.#vibration = on;
		this.#save();
		if (on) navigator.vibrate?.(PATTERN);
	}

	get canVibrate(): boolean {
		return typeof navigator !== 'undefined' && 'vibrate' in navigator;
	}

	/** Reads what the person chose. Call once, in the browser; returns the undo. */
	start(): () => void {
		try {
			const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '{}');
			const { sound = true, vibration = true } = kept as { sound?: boolean; vibration?: boolean };
			this.#sound = sound;
			this.#vibration = vibration;
		} catch {
			// no storage in this window: the page begins with both on
		}
		const unlock = () => void this.#audio()?.resume();
		window.addEventListener('pointerdown', unlock, { once: true });
		return () => {
			window.removeEventListener('pointerdown', unlock);
			void this.#context?.close();
		};
	}

	/** A new assignment is here. */
	ring(): void {
		if (this.#vibration) navigator.vibrate?.(PATTERN);
		if (this.#sound) this.#play();
	}

	#play(): void {
		const audio = this.#audio();
		if (!audio) return;
		NOTES.forEach((frequency, index) => {
			const note = audio.createOscillator();
			const volume = audio.createGain();
			const from = audio.currentTime + index * NOTE_SECONDS;
			note.frequency.value = frequency;
			volume.gain.setValueAtTime(0.25, from);
			// a note cut off at once clicks
			volume.gain.exponentialRampToValueAtTime(0.001, from + NOTE_SECONDS);
			note.connect(volume).connect(audio.destination);
			note.start(from);
			note.stop(from + NOTE_SECONDS);
		});
	}

	#audio(): AudioContext | null {
		if (typeof AudioContext === 'undefined') return null;
		return (this.#context ??= new AudioContext());
	}

	#save(): void {
		try {
			const kept = { sound: this.#sound, vibration: this.#vibration };
			localStorage.setItem(this.#key, JSON.stringify(kept));
		} catch {
			// as above
		}
	}
}
