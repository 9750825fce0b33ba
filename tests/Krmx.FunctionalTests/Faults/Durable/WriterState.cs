namespace Krmx.FunctionalTests.Faults.Durable;

/// <summary>What a client of a ledger has done and seen, a .NET one or a TypeScript one.</summary>
internal sealed record WriterState
{
    public required string Username { get; init; }

    public required bool IsLinked { get; init; }

    /// <summary>How many messages and requests it has sent, numbered from 1.</summary>
    public required int Said { get; init; }

    /// <summary>How many marks it has dispatched, numbered from 1.</summary>
    public required int Marked { get; init; }

    /// <summary>How many of them its view of the projection has.</summary>
    public required int View { get; init; }

    /// <summary>How many lines the ledger had before the first that it heard.</summary>
    public required int First { get; init; }

    /// <summary>The place of the last line that it heard.</summary>
    public required int Last { get; init; }

    /// <summary>The <see cref="LineSum"/> of those between.</summary>
    public required uint Sum { get; init; }

    /// <summary>How often it went on where it had left off.</summary>
    public required int Recovered { get; init; }

    /// <summary>How often it lost a connection.</summary>
    public required int Closes { get; init; }

    /// <summary>How many requests and dispatches have no answer yet.</summary>
    public required int Waiting { get; init; }

    /// <summary>How many requests were refused because the server was restarted before it had answered.</summary>
    public required int Refused { get; init; }

    /// <summary>The longest time between the loss of a connection and the resumed link, in milliseconds.</summary>
    public required double SlowestReturn { get; init; }

    /// <summary>What was not as it is promised, as the client could see it.</summary>
    public required string[] Violations { get; init; }
}
