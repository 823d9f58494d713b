//! Do the shipped files load, and is every mistake named with its file and line?
