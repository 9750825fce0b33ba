using Krmx.Testing;

namespace Krmx.Tests.Rooms;

/// <summary>Who decides about links where a handler's class does, and where something else does that its <c>Configure</c> sets.</summary>
public class HandlerAuthenticationTests
{
    [Fact]
    public void Handler_ThatSaysNothingAcceptsAll() => Assert.Null(Rejection<SilentHandler>());

    [Fact]
    public void Handler_MayDecide() => Assert.Equal("by the class", Rejection<DecidingHandler>());

    [Fact]
    public void Handler_MayLetConfigureSayWhoDecides() => Assert.Equal("by configure", Rejection<ConfiguredHandler>());

    [Fact]
    public void Handler_MayNotDoBoth() => Assert.Contains("already", Assert.Throws<InvalidOperationException>(Rejection<DoubleHandler>).Message);

    private static string? Rejection<THandler>()
        where THandler : KrmxHandler => TestRoom.For<THandler>().Open().Link("bob").Rejection;

    private sealed class SilentHandler : KrmxHandler;

    private sealed class DecidingHandler : KrmxHandler
    {
        protected override ValueTask<LinkResult> OnAuthenticateAsync(LinkRequest link, CancellationToken cancellationToken) =>
            ValueTask.FromResult(LinkResult.Reject("by the class"));
    }

    private class ConfiguredHandler : KrmxHandler
    {
        protected override void Configure() => Room.OnAuthenticate(static _ => LinkResult.Reject("by configure"));
    }

    private sealed class DoubleHandler : ConfiguredHandler
    {
        protected override ValueTask<LinkResult> OnAuthenticateAsync(LinkRequest link, CancellationToken cancellationToken) =>
            ValueTask.FromResult(LinkResult.Accept);
    }
}
