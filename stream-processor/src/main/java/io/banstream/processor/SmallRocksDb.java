package io.banstream.processor;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One bounded memory for all stores of the process: by default each of a task's three would take up
 * to 98 MB.
 */
public final class SmallRocksDb implements RocksDBConfigSetter {
  private static final long READ_AND_WRITE = 64L << 20;
  private static final long WRITE = 16L << 20;
  private static final long ONE_BUFFER = 4L << 20;

  // As long as the process: they belong to no single store, so none closes them.
  private static final Cache CACHE = new LRUCache(READ_AND_WRITE);
  private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE, CACHE);

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
    tables.setBlockCache(CACHE);
    tables.setCacheIndexAndFilterBlocks(true);
    // Whole, a filter is a megabyte that is read anew for one look wherever they don't all fit.
    tables.setIndexType(IndexType.kTwoLevelIndexSearch);
    tables.setPartitionFilters(true);
    tables.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(tables);
    options.setWriteBufferManager(WRITES);
    options.setWriteBufferSize(ONE_BUFFER);
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String store, Options options) {}
}
