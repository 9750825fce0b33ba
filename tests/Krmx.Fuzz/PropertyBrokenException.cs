namespace Krmx.Fuzz;

/// <summary>An input for which a target's property does not hold.</summary>
public sealed class PropertyBrokenException(string message) : Exception(message)
{
    internal static void ThrowUnless(bool holds, string message)
    {
        if (!holds)
            throw new PropertyBrokenException(message);
    }
}
