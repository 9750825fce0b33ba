using Microsoft.Extensions.Primitives;

namespace Krmx;

/// <summary>What a query parameter of a connecting client must be (protocol section 7).</summary>
/// <remarks>A parameter that stands twice has no value: it is present, and satisfies no other rule.</remarks>
public sealed class QueryRule
{
    private readonly Func<string?, bool> _allows;

    private QueryRule(Func<string?, bool> allows) => _allows = allows;

    /// <summary>The parameter must be there, whatever its value.</summary>
    public static QueryRule Present { get; } = new(static value => value is not null);

    /// <summary>The parameter must not be there.</summary>
    public static QueryRule Absent { get; } = new(static value => value is null);

    /// <summary>The parameter must be there with exactly this value.</summary>
    public static QueryRule EqualTo(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new QueryRule(given => given == value);
    }

    /// <summary>The parameter must be there and pass a test; a test that throws refuses it.</summary>
    public static QueryRule Matching(Func<string, bool> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return new QueryRule(given => given is not null && test(given));
    }

    /// <summary>Whether a parameter passes, given how often it stands and with which values.</summary>
    internal bool Allows(StringValues values)
    {
        if (values.Count > 1)
            return this == Present;
        try
        {
            return _allows(values);
        }
        catch (Exception)
        {
            return false;
        }
    }
}
