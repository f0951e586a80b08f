// Only the style sheet of the page that shows the visual language.
import "../styles/look.css";
