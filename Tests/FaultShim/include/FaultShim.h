#ifndef FAULT_SHIM_H
#define FAULT_SHIM_H

/*
 libFaultShim.so is preloaded (LD_PRELOAD) into a process. It sees each call that changes a file
 below one folder, writes it to a journal, and makes it fail on demand. Everything else passes.
 Nothing is called in it by name, so this header holds only the two formats that a test shares
 with it. `FaultSupport` reads the first and writes the second.

   FAULT_ROOT      the folder, absolute; without it the library does nothing
   FAULT_JOURNAL   the journal to append to; without it nothing is recorded
   FAULT_CONTROL   the control page; without it nothing fails

 The folder is treated as a file system of its own: a rename or link over its border is EXDEV.

 THE JOURNAL is a sequence of records, each appended by one write. Integers are little-endian.
 A kill can tear a record, and a process that is started again appends after the torn one; so
 `position`, the record's own offset in the journal, stands at both ends of a record. A reader
 that does not find it searches for the next record that does.

   0       4       8               16  18  20      24              32
   ┌───────┬───────┬───────────────┬───┬───┬───────┬───────────────┐
   │"TFJ1" │length │ position      │op │err│process│ device        │
   ├───────┴───────┼───────────────┼───┴───┴───────┼───┬───┬───────┤
   │ inode         │ offset        │ size          │ p │ s │ d     │
   ├───────────────┴───┬───────────┴───┬───────────┴───┴───┴───────┤
   │ path, p bytes     │ second, s     │ data, d bytes             │
   ├───────────────┬───┴───────────────┴───────────────────────────┘
   │ position      │                        length counts everything
   └───────────────┘

   op                 offset          size             second       data
    1 create          –               –                –            –
    2 make directory  –               –                –            –
    3 write           first byte      bytes written    –            the bytes
    4 truncate        –               the new size     –            –
    5 fdatasync       covers          the file's size  –            –
    6 fsync           covers          the file's size  –            –
    7 rename          –               –                new path     –
    8 link            –               –                new path     –
    9 unlink          –               –                –            –
   10 remove directory –              –                –            –

 Paths are relative to the root ("" is the root). Device and inode name the file through renames.
 An inode number may come again after an unlink: a create begins another file.

 A record is written after its operation has succeeded, under the lock under which it was done, so
 the order of the journal is the order of the operations. A sync is not under the lock. What it
 covers is what was recorded when it began: `covers` is the journal's length at that time. `err`
 is not 0 for a failed sync and for no other record: a sync that failed has an effect too, since
 the kernel marks the pages clean that it could not write. The size of a file that is synced is
 its size when the sync began: a reader that comes to another one knows that the file was changed
 by a way that is not seen (stdio, a shared mapping).

 A process can be killed between an operation and its record. Therefore the operation in hand
 stands in a shared page (the file `<journal>.flight`), and whoever takes the lock next looks at
 the folder and records what did happen.

 THE CONTROL PAGE is a file of 4,096 bytes, mapped and shared. Who changes it holds a POSIX record
 lock (lockf) on it, as does each operation; so a change is whole and holds for all that follows.

   0       4       8       12      16              64
   ┌───────┬───────┬───────┬───────┬───────────────┐   ignore: 1 = syncs do nothing, return 0
   │"TFC1" │ignore │delay  │begun  │ reserved      │   delay: of each sync, microseconds
   ├───────┼───────┼───────┼───────┼───────────────┤   begun: syncs so far, counted by the shim
   │armed  │error  │unit   │part   │ after         │ ┐
   ├───────┴───────┼───────┴───────┼───────────────┤ │ one slot of 64 bytes for each of: write,
   │ times         │ part bytes    │ passed        │ ├ sync of a file, sync of a directory, create,
   ├───────────────┼───────────────┼───────────────┘ │ rename, unlink, truncate, make directory
   │ hits          │ begun         │                 ┘
   └───────────────┴───────────────┘

   error   the errno; 0 with part 1: writes are shortened and nothing fails
   unit    of `after`: 0 calls, 1 bytes
   part    0 a failing write writes nothing; 1 it is cut short and succeeds, the next one fails;
           2 it fails after a part was written. The part is what `after` leaves (unit 1), or
           `part bytes` (unit 0)
   after   how much is let through before the fault begins
   times   after so many hits the slot is disarmed; 0 = never
   passed, hits, begun: counted by the shim, cleared by who arms the slot
 */

#endif
