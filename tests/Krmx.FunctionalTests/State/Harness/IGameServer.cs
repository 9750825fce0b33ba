using System.Text.Json.Nodes;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>A server with the game's shared state, of either side.</summary>
internal interface IGameServer : IAsyncDisposable
{
    Uri Uri { get; }

    /// <summary>The view of a user, the board and the atoms.</summary>
    Task<JsonObject> StateAsync(string username);

    Task<bool> IsLinkedAsync(string username);

    /// <summary>Demands that nothing was misunderstood.</summary>
    Task VerifyAsync();
}
