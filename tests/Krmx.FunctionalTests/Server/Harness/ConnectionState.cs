namespace Krmx.FunctionalTests.Server.Harness;

/// <summary>How far a connection is when something happens to it.</summary>
public enum ConnectionState
{
    Unlinked,

    /// <summary>Its authentication is under way.</summary>
    Pending,
    Linked,
}
