namespace Krmx.FunctionalTests.Faults.Proxy;

/// <summary>How a connection is cut, and so who learns of it.</summary>
public enum CutManner
{
    /// <summary>Both sides are reset.</summary>
    Reset,

    /// <summary>Both sides end in order.</summary>
    End,

    /// <summary>The client is reset, the server hears nothing.</summary>
    HalfOpen,
}
