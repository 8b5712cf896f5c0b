/** Makes a camera's photo small on the phone: dead spots and data plans come first. */
const LONGEST = 1600;
const QUALITY = 0.8;

/** The size a photo gets: no side longer than 1600 px, never enlarged. */
export function reducedSize(width: number, height: number): { width: number; height: number } {
	const factor = Math.min(1, LONGEST / Math.max(width, height));
	return { width: Math.round(width * factor), height: Math.round(height * factor) };
}

/** @returns a JPEG; rejects when the file is no picture this browser can read */
export async function reducePhoto(file: Blob): Promise<ArrayBuffer> {
	// turned as the camera was held
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
	const { width, height } = reducedSize(picture.width, picture.height);
	const canvas = document.createElement('canvas');
	canvas.width = width;
	canvas.height = height;
	canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
	picture.close();
	const jpeg = await new Promise<Blob | null>((resolve) =>
		canvas.toBlob(resolve, 'image/jpeg', QUALITY)
	);
	if (!jpeg) throw new Error('The browser made no JPEG.');
	return jpeg.arrayBuffer();
}

/** `<order>/<uuid>.jpg`, as the bucket wants it. */
export const photoPath = (order: number, uuid: string) => `${order}/${uuid}.jpg`;
