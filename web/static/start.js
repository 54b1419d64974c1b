"use strict";

// Shows what becomes of the test ticket as the server tells it. Without this script the page is
// whole as it was when it was asked for, and "Tìm lại" asks for it again.

follow("/start/printer/events", "/start/printer", replaceChanged);
