using System.Text;
using Krmx.Connections;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>An output that takes so many bytes at once, and the rest when it is told to.</summary>
internal sealed class FakeOutput : IConnectionOutput
{
    private readonly StringBuilder _written = new();
    private volatile TaskCompletionSource? _gate;

    /// <summary>How many bytes it takes without waiting.</summary>
    public int Room { get; set; }

    public bool IsPaced { get; set; }

    /// <summary>Whether a write waits to be let go on.</summary>
    public bool IsWaiting => _gate is { Task.IsCompleted: false };

    public string Written => _written.ToString();

    /// <summary>The sizes of the writes, one after another.</summary>
    public List<int> Writes { get; } = [];

    public int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(Room, bytes.Length);
        Room -= taken;
        Take(bytes[..taken]);
        return taken;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length <= Room)
        {
            Room -= bytes.Length;
        }
        else
        {
            _gate = new TaskCompletionSource();
            await _gate.Task;
        }
        Take(bytes.Span);
    }

    /// <summary>Lets the write that waits go on; what it did synchronously is done when this returns.</summary>
    public void Release() => _gate!.SetResult();

    /// <summary>Lets the write that waits fail.</summary>
    public void Break() => _gate!.SetException(new IOException("broken"));

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        Writes.Add(bytes.Length);
        _written.Append(Encoding.Latin1.GetString(bytes));
    }
}
