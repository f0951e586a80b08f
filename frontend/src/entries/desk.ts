// What the desk does besides HTML: it changes by itself, its clocks tick, it listens to keys.
import { choosing } from "../desk/bulk";
import { ticking } from "../desk/clocks";
import { listenToKeys } from "../desk/keys";
import { listen } from "../desk/live";
import { mentioning } from "../desk/mention";
import { place } from "../desk/place";

const address = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content;
if (address) listen(address);
ticking();
listenToKeys();
choosing();
place();
mentioning();
