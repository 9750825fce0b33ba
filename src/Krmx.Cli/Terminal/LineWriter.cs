namespace Krmx.Cli.Terminal;

/// <summary>
/// Writes lines to standard output on a thread of its own, so that nobody waits for one who does not read them. When too many wait, lines
/// are dropped until all that wait have been written; then it says how many.
/// </summary>
internal sealed class LineWriter : IDisposable
{
    private const int MostLines = 1024;

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly Thread _thread;
    private int _dropped;
    private bool _isEnded;

    public LineWriter()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "Standard output" };
        _thread.Start();
    }

    /// <summary>Writes a line, soon; from any thread.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            if (_dropped > 0 || _lines.Count == MostLines)
                _dropped++;
            else
                _lines.Enqueue(line);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets the last lines go out, if somebody reads them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join(LongestFarewell);
    }

    private void Run()
    {
        while (Take() is string line)
        {
            try
            {
                Console.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk, for one. What serves goes on without its log.
            }
        }
    }

    /// <returns>The next line; null at the end.</returns>
    private string? Take()
    {
        lock (_gate)
        {
            while (_lines.Count == 0 && _dropped == 0 && !_isEnded)
                Monitor.Wait(_gate);
            if (_lines.TryDequeue(out string? line))
                return line;
            if (_dropped == 0)
                return null;
            int dropped = _dropped;
            _dropped = 0;
            return $"… {dropped} lines dropped, as nobody read them";
        }
    }
}
