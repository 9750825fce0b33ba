using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Krmx.Cli.Commands;

/// <summary>Reads numbers of options.</summary>
internal static class NumberInRange
{
    /// <summary>Makes a parser that takes a number within its limits, and says what it must be for anything else.</summary>
    public static Func<ArgumentResult, T> Of<T>(T least, T most, string mustBe)
        where T : struct, INumber<T> => result =>
    {
        string text = result.Tokens[0].Value;
        bool isNumber = T.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out T number);
        if (isNumber && number >= least && number <= most)
            return number;
        result.AddError($"{mustBe}, not '{text}'");
        return default;
    };

    /// <summary>The same for an option that has no default.</summary>
    public static Func<ArgumentResult, T?> OrNone<T>(T least, T most, string mustBe)
        where T : struct, INumber<T>
    {
        Func<ArgumentResult, T> parse = Of(least, most, mustBe);
        return result => parse(result);
    }
}
