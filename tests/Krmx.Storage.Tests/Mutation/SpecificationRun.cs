using System.Reflection;

namespace Krmx.Storage.Tests.Mutation;

/// <summary>Runs the specification's tests one by one, as xunit does.</summary>
internal static class SpecificationRun
{
    private static readonly IReadOnlyList<(MethodInfo Method, object?[] Arguments)> Tests =
    [
        .. from method in typeof(RoomStoreSpecification).GetMethods()
           where method.GetCustomAttribute<FactAttribute>() is not null
           // What takes longest comes last, and most defects are found before.
           orderby method.Name.Contains("Thousand", StringComparison.Ordinal), method.Name
           let data = method.GetCustomAttributes<InlineDataAttribute>().Select(static data => data.Data).ToArray()
           from arguments in data.Length == 0 ? [[]] : data
           select (method, arguments),
    ];

    /// <summary>How many there are.</summary>
    public static int Count => Tests.Count;

    /// <param name="beginning">How the names of the tests begin that are run.</param>
    /// <param name="create">Makes the specification of a store.</param>
    /// <returns>The first test that fails; null where none does.</returns>
    public static async Task<string?> FirstFailureAsync(string? beginning, Func<RoomStoreSpecification> create)
    {
        foreach ((MethodInfo method, object?[] arguments) in Tests.Where(test => test.Method.Name.StartsWith(beginning ?? "", StringComparison.Ordinal)))
        {
            try
            {
                RoomStoreSpecification specification = create();
                try
                {
                    await specification.InitializeAsync();
                    await ((Task)method.Invoke(specification, arguments)!).Soon(method.Name);
                }
                finally
                {
                    await specification.DisposeAsync();
                }
            }
            catch (Exception error)
            {
                return $"{method.Name}: {error.Message}";
            }
        }
        return null;
    }
}
