using Krmx.FunctionalTests.Faults.Processes;
using Krmx.FunctionalTests.Server.Harness;

namespace Krmx.FunctionalTests.Faults.Npm;

/// <summary>A process of the npm server with a linked bystander, both of which are replaced after the process has ended.</summary>
internal sealed class NpmVictim : IAsyncDisposable
{
    /// <summary>The outcome of an input on which the process ended.</summary>
    public const string Died = "the process ended";

    private PeerProcess? _server;
    private WireClient? _bystander;
    private int _count;

    public PeerProcess Server => _server!;

    public async Task StartAsync()
    {
        _server = await PeerProcess.StartNpmServerAsync();
        _bystander = await (await WireClient.ConnectAsync(_server.Port)).LinkAsync("bystander", version: _server.Version);
        _bystander.AnswersPings = true;
    }

    /// <summary>Sends these bytes on a connection of their own, and tells what came of it.</summary>
    /// <returns><see cref="Died"/>, or what the connection was told; its close code last, if it was closed.</returns>
    public async Task<string> TryAsync(byte[] bytes, bool isLinked)
    {
        if (_server is null)
            await StartAsync();
        await using WireClient mallory = await WireClient.ConnectAsync(Server.Port);
        if (isLinked)
            await mallory.LinkAsync($"mallory{_count++}", version: Server.Version);
        byte[] ping = new WireFrame(WireFrame.PingOpcode, []).ToBytes();
        await mallory.SendAsync(bytes.Concat(ping).ToArray());
        if (await IsBystanderServedAsync())
            return string.Join(' ', await ReadToPongAsync(mallory));
        await Server.WaitForExitAsync();
        Assert.NotEqual(0, Server.ExitCode);
        await DisposeAsync();
        return Died;
    }

    /// <summary>Whether a message of the bystander comes back; three times, as an exception may come after the first.</summary>
    public async Task<bool> IsBystanderServedAsync()
    {
        try
        {
            for (int i = 0; i < 3; i++)
            {
                string type = $"tick{_count++}";
                await _bystander!.SendAsync($$"""{"type":"{{type}}"}""");
                while (!(await _bystander.ReadTextAsync()).Contains($"\"{type}\"", StringComparison.Ordinal))
                {
                }
            }
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_bystander is not null)
            await _bystander.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        (_server, _bystander) = (null, null);
    }

    private static async Task<List<string>> ReadToPongAsync(WireClient client)
    {
        var seen = new List<string>();
        while (await client.ReadFrameAsync() is { Opcode: not WireFrame.PongOpcode } frame)
            seen.Add(frame.Opcode == WireFrame.CloseOpcode ? $"closed {frame.CloseCode}" : frame.Text);
        return seen;
    }
}
