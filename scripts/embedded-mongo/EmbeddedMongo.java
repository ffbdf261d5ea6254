import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * A small MongoDB for one machine: started as a source file with the jars of this folder's pom.xml on the class path.
 *
 * <pre>java -cp 'lib/*' EmbeddedMongo.java --port 0 --data FOLDER</pre>
 *
 * Port 0 is a free one, on 127.0.0.1 only. Prints one line of JSON when it is ready. Stops in order on SIGTERM and SIGINT, and
 * when its standard input ends, because then whoever started it is gone. Exit code 3: another process has the folder.
 */
public final class EmbeddedMongo {
    private static final int EXIT_FOLDER_IN_USE = 3;
    private static final int COMPACT_AT_STOP_MS = 3_000;
    private static final int STOP_MS = 20_000;

    /** What the driver of mongoose 9 asks for. The library's own constant for 5.0 says wire version 8. */
    private record Version() implements MongoVersion {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 13;
        }
    }

    /**
     * An answer leaves only after what it promises is in the file, so that a kill loses nothing.
     *
     * A write touches several maps of the store: the document, each unique index. A commit in between, left behind by a kill,
     * would be an index entry without its document: a seat that nobody has and nobody can take. Therefore writes come one
     * after the other and the store commits between them only, never by itself.
     */
    private static final class DurableBackend extends H2Backend {
        private static final Set<String> READS = Set.of("find", "getmore", "count", "distinct");
        private static final int DEAD_SPACE_KEPT_MS = 5_000;
        private static final int MIN_FILL_PERCENT = 60;
        private static final int REWRITE_BYTES = 4 << 20;

        private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
        private long tidied;

        DurableBackend(Path file) {
            // Small compressed pages, because each commit writes whole pages anew (measured: a sixth of the file).
            super(new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().autoCommitBufferSize(0)
                    .pageSplitSize(4096).compress().open());
            // Longer than the time between two syncs, so that a power cut never finds overwritten what it falls back to.
            getMvStore().setRetentionTime(DEAD_SPACE_KEPT_MS);
            version(new Version());
        }

        @Override
        public Document handleCommand(Channel channel, String databaseName, String command, Document query) {
            boolean reads = READS.contains(command.toLowerCase(Locale.ROOT));
            Lock mine = reads ? lock.readLock() : lock.writeLock();
            mine.lock();
            try {
                return super.handleCommand(channel, databaseName, command, query);
            } finally {
                try {
                    if (!reads) commit();
                } finally {
                    mine.unlock();
                }
            }
        }

        /** Every commit leaves a little dead space: what is alive moves together, so that the file does not grow without end. */
        void tidy() {
            MVStore store = getMvStore();
            if (store.isClosed() || store.getCurrentVersion() == tidied) return;
            store.sync();
            lock.writeLock().lock();
            try {
                store.compact(MIN_FILL_PERCENT, REWRITE_BYTES);
                store.commit();
                tidied = store.getCurrentVersion();
            } finally {
                lock.writeLock().unlock();
            }
        }

        @Override
        public void close() {
            lock.writeLock().lock();
            try {
                getMvStore().sync();
                // Here, because the base class closes the store as it is.
                getMvStore().close(COMPACT_AT_STOP_MS);
                super.close();
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    private static String argument(String[] args, String name) {
        int at = List.of(args).indexOf(name);
        if (at < 0 || at + 1 >= args.length) throw new IllegalArgumentException("Usage: EmbeddedMongo.java --port PORT --data FOLDER");
        return args[at + 1];
    }

    private static DurableBackend open(Path folder) throws IOException {
        Files.createDirectories(folder);
        try {
            return new DurableBackend(folder.resolve("serik.mv"));
        } catch (MVStoreException refused) {
            if (refused.getErrorCode() != DataUtils.ERROR_FILE_LOCKED) throw refused;
            System.err.println("Another process has " + folder);
            System.exit(EXIT_FOLDER_IN_USE);
            throw refused;
        }
    }

    /** Nothing is said to us on standard input; only its end counts. */
    private static void whenStarterIsGone(Runnable then) {
        Thread reader = new Thread(() -> {
            try {
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException gone) {
                // The same as the end.
            }
            then.run();
        });
        reader.setDaemon(true);
        reader.start();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(argument(args, "--port"));
        DurableBackend backend = open(Path.of(argument(args, "--data")));
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", port);

        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            over.countDown();
            try {
                stopped.await(STOP_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        whenStarterIsGone(over::countDown);
        var tidying = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "tidy");
            thread.setDaemon(true);
            return thread;
        });
        tidying.scheduleWithFixedDelay(backend::tidy, 1, 1, TimeUnit.SECONDS);

        System.out.println("{\"ready\":true,\"port\":" + server.getLocalAddress().getPort() + "}");
        System.out.flush();

        over.await();
        tidying.shutdown();
        server.shutdownNow();
        stopped.countDown();
        System.exit(0);
    }
}
