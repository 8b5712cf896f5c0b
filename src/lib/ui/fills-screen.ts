/**
 * For lists of virtua that the server renders a part of: until their first event of scrolling they keep
 * to that part (its `ssrCount`), however high the screen is or becomes. Attached to such a list this
 * scrolls by a pixel and back as soon as there is room below the rows.
 */
export function fillsScreen(scroller: HTMLElement): (() => void) | undefined {
	const content = scroller.firstElementChild;
	if (!(content instanceof HTMLElement)) return;

	const watch = new ResizeObserver(() => {
		if (hasRoom(scroller, content)) wake(scroller);
	});
	watch.observe(scroller);
	watch.observe(content);
	const stop = () => watch.disconnect();
	scroller.addEventListener('scroll', stop, { once: true });
	return () => {
		stop();
		scroller.removeEventListener('scroll', stop);
	};
}

/** Whether the rows end above the end of the screen and of the list. */
function hasRoom(scroller: HTMLElement, content: HTMLElement): boolean {
	let end = 0;
	for (const row of content.children as HTMLCollectionOf<HTMLElement>) {
		// it is measured first
		if (row.style.visibility === 'hidden') return false;
		// a row kept although it is far away
		if (row.offsetTop > end + 1) break;
		end = row.offsetTop + row.offsetHeight;
	}
	return end > 0 && end < Math.min(scroller.clientHeight, content.offsetHeight - 1);
}

function wake(scroller: HTMLElement): void {
	// rows that all fit leave nothing to scroll
	const room = document.createElement('div');
	room.style.height = `${scroller.clientHeight}px`;
	scroller.append(room);
	const settle = () => {
		room.remove();
		scroller.scrollTop = 0;
	};
	scroller.addEventListener('scroll', settle, { once: true });
	scroller.scrollTop = 1;
}
