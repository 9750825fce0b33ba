using System.Net.Sockets;

namespace Krmx.FunctionalTests.Faults.Proxy;

/// <summary>One direction of a proxied connection.</summary>
/// <param name="from">Where it reads.</param>
/// <param name="to">Where it writes.</param>
/// <param name="isToClient">In which direction.</param>
/// <param name="faults">What it does to what it forwards.</param>
/// <param name="cut">Cuts the connection.</param>
internal sealed class ProxyPipe(Socket from, Socket to, bool isToClient, Func<ProxyFaults> faults, Action<CutManner> cut)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _stalled;
    private long _forwarded;

    /// <summary>Forwards nothing more, and reads nothing more, so that the sender's buffers fill.</summary>
    public void Stall()
    {
        lock (_gate)
            _stalled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Resume()
    {
        lock (_gate)
        {
            _stalled?.SetResult();
            _stalled = null;
        }
    }

    /// <summary>Forwards until an end, a reset or a cut; an end and a reset are passed on as what they are.</summary>
    /// <returns>Whether it was an end.</returns>
    public async Task<bool> PumpAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                await PassStallAsync();
                int count = await from.ReceiveAsync(buffer);
                await PassStallAsync();
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return true;
                }
                await ForwardAsync(buffer.AsMemory(0, count));
            }
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            cut(CutManner.Reset);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side was cut here: a test decides who learns of it when.
        }
        return false;
    }

    private async Task ForwardAsync(Memory<byte> bytes)
    {
        ProxyFaults now = faults();
        TimeSpan wait = now.Delay + (now.Jitter * Random.Shared.NextDouble());
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait);
        while (!bytes.IsEmpty)
        {
            long cutAfter = now.CountsToClient is null || now.CountsToClient == isToClient ? now.CutAfter : long.MaxValue;
            int count = (int)Math.Min(Math.Min(bytes.Length, now.MaxWrite), cutAfter - _forwarded);
            if (count <= 0)
            {
                cut(now.Manner);
                return;
            }
            await to.SendAsync(bytes[..count]);
            _forwarded += count;
            bytes = bytes[count..];
        }
    }

    private Task PassStallAsync()
    {
        lock (_gate)
            return _stalled?.Task ?? Task.CompletedTask;
    }
}
