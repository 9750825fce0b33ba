using System.Text;
using Krmx.Connections;

namespace Krmx.FunctionalTests.Server.Connections;

/// <summary>An output that takes so many bytes at once, and the rest when it is told to.</summary>
internal sealed class FakeOutput : IConnectionOutput
{
    private readonly StringBuilder _written = new();
    private TaskCompletionSource? _gate;

    /// <summary>How many bytes it takes without waiting.</summary>
    public int Room { get; set; }

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
        _gate = new TaskCompletionSource();
        await _gate.Task;
        Take(bytes.Span);
    }

    /// <summary>Lets the write that waits go on; what it did synchronously is done when this returns.</summary>
    public void Release() => _gate!.SetResult();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        Writes.Add(bytes.Length);
        _written.Append(Encoding.ASCII.GetString(bytes));
    }
}
