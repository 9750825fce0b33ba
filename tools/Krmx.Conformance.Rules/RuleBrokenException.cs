namespace Krmx.Conformance;

/// <summary>The server under test did not do what a rule says.</summary>
internal sealed class RuleBrokenException(string what) : Exception(what)
{
    /// <summary>Demands that something holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="otherwise">What to say where it does not.</param>
    public static void Unless(bool holds, string otherwise)
    {
        if (!holds)
            throw new RuleBrokenException(otherwise);
    }
}
