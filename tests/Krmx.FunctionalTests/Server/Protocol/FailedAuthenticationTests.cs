using Krmx.FunctionalTests.Server.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Krmx.FunctionalTests.Server.Protocol;

/// <summary>Protocol section 8, item 6: authentication fails closed.</summary>
public class FailedAuthenticationTests
{
    private const int AuthenticationFailed = 7;

    [Theory]
    [InlineData("at once")]
    [InlineData("after an await")]
    [InlineData("cancelled for its own reasons")]
    public async Task AuthenticationThatThrows_RejectsWithoutItsText(string when)
    {
        await using TestServer server = await new TestServer
        {
            ExpectedErrors = [AuthenticationFailed],
            Configure = room => room.OnAuthenticate((link, _) => link.Auth switch
            {
                "at once" => throw new InvalidOperationException("secret"),
                "after an await" => ThrowAsync(new InvalidOperationException("secret")),
                "cancelled for its own reasons" => ThrowAsync(new OperationCanceledException("secret")),
                _ => ValueTask.FromResult(LinkResult.Accept),
            }),
        }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();

        await bob.AskAsync("bob", when);

        await bob.ExpectAsync(Texts.Rejected("authentication failed"));
        Assert.Equal("secret", (await server.Logs.WaitFor(AuthenticationFailed)).Error?.Message);
        await bob.LinkAsync("bob");
        await bob.EchoAsync();
    }

    [Fact]
    public async Task DefaultResult_Rejects()
    {
        await using TestServer server = await new TestServer { Configure = room => room.OnAuthenticate(_ => default) }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();

        await bob.AskAsync("bob");

        await bob.ExpectAsync(Texts.Rejected("authentication failed"));
    }

    [Fact]
    public async Task AuthenticationThatHangsForever_TimesOut()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using TestServer server = await new TestServer
        {
            Time = time,
            Configure = room => room.OnAuthenticate((link, _) =>
            {
                if (link.Auth is null)
                    return ValueTask.FromResult(LinkResult.Accept);
                asked.TrySetResult();
                return new ValueTask<LinkResult>(new TaskCompletionSource<LinkResult>().Task);
            }),
        }.StartAsync();
        await using WireClient bob = await server.ConnectAsync();
        await bob.AskAsync("bob", "hang");
        await asked.Task.Soon();

        time.Advance(TimeSpan.FromSeconds(10));

        await bob.ExpectAsync(Texts.Rejected("authentication timeout"));
        await bob.LinkAsync("bob");
        await bob.EchoAsync();
    }

    private static async ValueTask<LinkResult> ThrowAsync(Exception error)
    {
        await Task.Yield();
        throw error;
    }
}
