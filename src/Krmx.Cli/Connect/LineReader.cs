using System.Threading.Channels;

namespace Krmx.Cli.Connect;

/// <summary>The lines of a text that blocks its reader, such as standard input, to be awaited.</summary>
internal static class LineReader
{
    public static ChannelReader<string> Read(TextReader text)
    {
        // A full channel makes the thread wait, so that a long file is not read into memory.
        var lines = Channel.CreateBounded<string>(16);
        new Thread(() => Pump(text, lines.Writer)) { IsBackground = true }.Start();
        return lines.Reader;
    }

    private static void Pump(TextReader text, ChannelWriter<string> lines)
    {
        try
        {
            while (text.ReadLine() is string line)
                lines.WriteAsync(line).AsTask().GetAwaiter().GetResult();
            lines.Complete();
        }
        catch (IOException error)
        {
            // A directory as input, for one: whoever reads the lines is told.
            lines.Complete(error);
        }
    }
}
