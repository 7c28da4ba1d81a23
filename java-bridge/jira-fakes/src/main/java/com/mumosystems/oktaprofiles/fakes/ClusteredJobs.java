package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.scheduler.config.JobConfig;
import com.atlassian.scheduler.config.JobId;
import com.atlassian.scheduler.config.JobRunnerKey;
import com.atlassian.scheduler.config.RunMode;
import com.atlassian.scheduler.config.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Date;
import java.util.Optional;

/** The table of Jira's database that has the jobs of the cluster: a file for each, which outlives every node. */
final class ClusteredJobs {
  private final Path folder;

  ClusteredJobs(Path folder) {
    this.folder = folder;
  }

  void put(JobId id, JobConfig config) {
    var interval = config.getSchedule().getIntervalScheduleInfo();
    String row = config.getJobRunnerKey() + " " + interval.getIntervalInMillis() + " "
        + interval.getFirstRunTime().getTime();
    try {
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "job", ".tmp");
      Files.writeString(temporary, row);
      Files.move(temporary, file(id), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<JobConfig> get(JobId id) {
    try {
      if (!Files.exists(file(id))) {
        return Optional.empty();
      }
      String[] row = Files.readString(file(id)).split(" ");
      return Optional.of(JobConfig.forJobRunnerKey(JobRunnerKey.of(row[0]))
          .withRunMode(RunMode.RUN_ONCE_PER_CLUSTER)
          .withSchedule(Schedule.forInterval(Long.parseLong(row[1]), new Date(Long.parseLong(row[2])))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(JobId id) {
    try {
      Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(JobId id) {
    return folder.resolve(URLEncoder.encode(id.toString(), StandardCharsets.UTF_8));
  }
}
