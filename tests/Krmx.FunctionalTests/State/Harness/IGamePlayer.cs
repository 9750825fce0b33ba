using System.Text.Json.Nodes;
using Krmx.FunctionalTests.Faults.Proxy;
using Krmx.State;

namespace Krmx.FunctionalTests.State.Harness;

/// <summary>A client with the game's shared state, of either side, which reaches its server through a proxy.</summary>
internal interface IGamePlayer : IAsyncDisposable
{
    string Name { get; }

    FaultProxy Proxy { get; }

    Task LinkAsync();

    /// <summary>Dispatches an action to the table, with its effect shown at once.</summary>
    Task ActAsync(KrmxAction action);

    /// <summary>Dispatches an event to the board, with its effect shown at once.</summary>
    Task AppendAsync(KrmxAction appended);

    Task SetAsync(string key, JsonNode atom);

    /// <summary>Sends a message that no model has seen.</summary>
    Task SendAsync(string json);

    /// <summary>Waits until the player is linked again, after a cut.</summary>
    Task RelinkAsync();

    /// <summary>The view, the board, the board as shown and the atoms.</summary>
    Task<JsonObject> StateAsync();

    /// <summary>Demands that nothing was misunderstood, and that all dispatches have come to an end.</summary>
    Task VerifyAsync();
}
