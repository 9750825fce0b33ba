#if !NET
using System.Runtime.CompilerServices;

namespace Krmx;

/// <summary>What .NET has and .NET Standard 2.1 has not.</summary>
internal static class Polyfills
{
    extension(ArgumentNullException)
    {
        public static void ThrowIfNull(object? argument, [CallerArgumentExpression(nameof(argument))] string? name = null)
        {
            if (argument is null)
                throw new ArgumentNullException(name);
        }
    }
}
#endif
