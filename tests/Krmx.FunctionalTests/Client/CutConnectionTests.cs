using Krmx.FunctionalTests.Client.Harness;

namespace Krmx.FunctionalTests.Client;

/// <summary>The connection is cut after every single byte of a link, and of a relink, in both directions.</summary>
public sealed class CutConnectionTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task NoCutDuringALinkLeavesATaskPending(bool isWritten, bool isReset)
    {
        int links = 0, failures = 0;
        bool isWhole = false;
        for (int cut = 0; !isWhole; cut++)
        {
            await using var server = new ScriptedServer(async connection =>
            {
                Cut(connection, cut, isWritten, isReset);
                await connection.LinkAsync("bob");
                await connection.ReceiveAsync(); // the message
                isWhole = true;
            });
            await using var client = new KrmxClient(Expect.HastyWith(static options => options.Reconnect.Enabled = false));
            int opened = 0, closed = 0;
            client.OnConnect(() => opened++);
            client.OnClose(() => closed++);

            bool isLinked = await Expect.EndsAsync(client.ConnectAsync(server.Uri)) & await Expect.EndsAsync(client.LinkAsync("bob"));
            await Expect.EndsAsync(client.SendAsync("message"));
            await Expect.EndsAsync(client.UnlinkAsync());
            await Patience.Until(() => client.Status == ClientStatus.Disconnected, "disconnected");
            await client.DisconnectAsync().Soon();

            Assert.Equal(opened, closed);
            Assert.Null(client.Username);
            _ = isLinked ? links++ : failures++;
        }
        Assert.True(links > 0 && failures > 100, $"{links} links, {failures} failures");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoCutDuringARelinkKeepsTheClientFromComingBack(bool isWritten)
    {
        bool isWhole = false;
        for (int cut = 0; !isWhole; cut++)
        {
            await using var server = new ScriptedServer(async (connection, before) =>
            {
                if (before == 1)
                    Cut(connection, cut, isWritten, isReset: cut % 2 == 0);
                await connection.LinkAsync("bob");
                if (before == 1)
                {
                    isWhole = true;
                    return;
                }
                if (before > 1)
                    await connection.SendAsync("""{"type":"welcome back"}""");
                if (before > 0)
                    await connection.DrainAsync();
            });
            await using var client = new KrmxClient(Expect.Hasty);
            var back = new TaskCompletionSource();
            client.OnMessage("welcome back", _ => back.SetResult());
            await client.ConnectAsync(server.Uri);
            await client.LinkAsync("bob").Soon();
            await back.Task.Soon();
            Assert.Equal("bob", client.Username);
        }
    }

    private static void Cut(ServerConnection connection, int after, bool isWritten, bool isReset)
    {
        connection.Stream.IsReset = isReset;
        if (isWritten)
            connection.Stream.CutAfterWritten = after;
        else
            connection.Stream.CutAfterRead = after;
    }
}
