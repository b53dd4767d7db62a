/** Runs one MapReduce job on Hadoop's LocalJobRunner and prints its counters, a line each.
  *
  * Arguments: input, output, number of reducers, cores, bytes a split, the folder for Hadoop's own
  * files, and whether to combine. Then either nothing, for word count by Hadoop's own classes, or
  * two commands, mapper and reducer, for a streaming job. A command has one word a line.
  *
  * A streaming program reads lines and writes lines "key\tvalue". The mapper gets the lines of its
  * split, the reducer its records, sorted by key.
  */
import java.io.{BufferedReader, BufferedWriter, IOException, InputStreamReader}
import java.io.{File, OutputStreamWriter}
import java.nio.charset.StandardCharsets.UTF_8

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path
import org.apache.hadoop.io.{IntWritable, LongWritable, Text}
import org.apache.hadoop.mapreduce.{Job, Mapper, Reducer, TaskInputOutputContext}
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat
import org.apache.hadoop.mapreduce.lib.map.TokenCounterMapper
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat
import org.apache.hadoop.mapreduce.lib.reduce.IntSumReducer

object Streaming {

  /** Feed a program lines from a thread of their own, and hand on what it writes. */
  def pipe(
      context: TaskInputOutputContext[_, _, Text, Text],
      command: String
  )(feed: (String => Unit) => Unit): Unit = {
    val program = new ProcessBuilder(command.split("\n"): _*)
      .redirectError(ProcessBuilder.Redirect.INHERIT)
      .start()
    @volatile var fault: Throwable = null
    val feeder = new Thread(() => {
      val in = new BufferedWriter(new OutputStreamWriter(program.getOutputStream, UTF_8), 1 << 16)
      try {
        try feed { line => in.write(line); in.write('\n') }
        finally in.close()
      } catch { case error: Throwable => fault = error }
    })
    feeder.start()
    val out = new BufferedReader(new InputStreamReader(program.getInputStream, UTF_8), 1 << 16)
    val (key, value) = (new Text, new Text)
    try {
      for (line <- Iterator.continually(out.readLine()).takeWhile(_ != null)) {
        val tab = line.indexOf('\t')
        key.set(if (tab < 0) line else line.substring(0, tab))
        value.set(if (tab < 0) "" else line.substring(tab + 1))
        context.write(key, value)
      }
      val status = program.waitFor()
      if (status != 0) throw new IOException(s"the program ended with status $status")
      feeder.join()
      if (fault != null) throw new IOException("the program did not read its input", fault)
    } finally program.destroy()
  }
}

class StreamMapper extends Mapper[LongWritable, Text, Text, Text] {
  type Records = Mapper[LongWritable, Text, Text, Text]#Context

  override def run(context: Records): Unit =
    Streaming.pipe(context, context.getConfiguration.get("outgrow.mapper")) { give =>
      while (context.nextKeyValue()) give(context.getCurrentValue.toString)
    }
}

class StreamReducer extends Reducer[Text, Text, Text, Text] {
  type Records = Reducer[Text, Text, Text, Text]#Context

  override def run(context: Records): Unit =
    Streaming.pipe(context, context.getConfiguration.get("outgrow.reducer")) { give =>
      while (context.nextKey())
        context.getValues.forEach { value => give(s"${context.getCurrentKey}\t$value") }
    }
}

object HadoopJob {
  def main(arguments: Array[String]): Unit = {
    val (Array(input, output, reducers, cores, split, folder, combine), programs) =
      arguments.splitAt(7)
    val conf = new Configuration
    conf.set("mapreduce.framework.name", "local")
    conf.set("fs.defaultFS", "file:///")
    conf.set("hadoop.tmp.dir", folder)
    conf.set("mapreduce.client.completion.pollinterval", "50")
    conf.set("mapreduce.local.map.tasks.maximum", cores)
    conf.set("mapreduce.local.reduce.tasks.maximum", cores)
    conf.set("mapreduce.input.fileinputformat.split.maxsize", split)
    for ((name, program) <- Seq("mapper", "reducer").zip(programs))
      conf.set(s"outgrow.$name", program)
    val job = Job.getInstance(conf)
    if (programs.nonEmpty) {
      job.setMapperClass(classOf[StreamMapper])
      job.setReducerClass(classOf[StreamReducer])
      if (combine.toBoolean) job.setCombinerClass(classOf[StreamReducer])
      job.setMapOutputValueClass(classOf[Text])
      job.setOutputValueClass(classOf[Text])
    } else {
      job.setMapperClass(classOf[TokenCounterMapper])
      job.setReducerClass(classOf[IntSumReducer[Text]])
      if (combine.toBoolean) job.setCombinerClass(classOf[IntSumReducer[Text]])
      job.setOutputValueClass(classOf[IntWritable])
    }
    job.setOutputKeyClass(classOf[Text])
    job.setNumReduceTasks(reducers.toInt)
    FileInputFormat.addInputPath(job, new Path(new File(input).toURI))
    FileOutputFormat.setOutputPath(job, new Path(new File(output).toURI))
    val fine = job.waitForCompletion(false)
    if (fine) job.getCounters.forEach { group =>
      group.forEach { counter => println(s"counter\t${counter.getName}\t${counter.getValue}") }
    }
    sys.exit(if (fine) 0 else 1)
  }
}
