// The field app (/field/): what grid workers have on the telephone.
import "modern-normalize";
import "../styles/main.css";
import "../styles/field.css";
import { start } from "../field/app";

void start();
