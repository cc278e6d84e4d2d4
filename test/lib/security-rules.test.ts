import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, expect, test } from 'vitest';
import { newApp, synthesize } from './synthesized.ts';

interface Finding {
  readonly rule: string;
  readonly construct: string;
}

interface Exception {
  /** The rule with its finding, such as `AwsSolutions-IAM5[Resource::*]`. */
  readonly rule: RegExp;
  readonly constructs: RegExp;
  readonly because: string;
}

/** Rules of AWS Solutions that this stack breaks on purpose, with the location and the reason. */
const EXCEPTIONS: readonly Exception[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::<JobsBucketObjects\w+\.Arn>\/[a-z-]+\/\*(\/@\*)?\]$/,
    constructs: /Role\/Resource$/,
    because: 'objects of one prefix of the bucket: one for each job, whose names are not known at deployment',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:(stateMachine|execution):[\w-]+-Job-Templates-\w+-\*\]$/,
    constructs: /(JobsApi|DispatchJobs|SplitBatch|TrackResults)Role\/Resource$/,
    because: 'machines of templates that come by the API, all under one prefix',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    constructs: /Api\/AccessLog\/Role\/Resource$|DispatchJobsRole\/Resource$|Api\/Depths\/Resource$/,
    because: 'log delivery, listing the streams of a table, and reading metrics know no narrower resource',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    constructs: /Queues\/(Unroutable|Undispatched)\/Queue\/Resource$/,
    because: 'the end of the line: operators read them, an alarm watches them',
  },
  {
    rule: /^AwsSolutions-SF[12]$/,
    constructs: /Templates\/[a-z-]+$/,
    because:
      'the result of a step is in the history of its job; logs and traces of each state cost more than the state',
  },
  {
    rule: /^AwsSolutions-(APIG4|COG4)$/,
    constructs: /Api\/Default\/.*ANY\/Resource$/,
    because: 'handlers verify the token themselves, on every stack, and never trust the gateway',
  },
  {
    rule: /^AwsSolutions-APIG2$/,
    constructs: /Api\/Resource$/,
    because: 'handlers check each request against strict schemas and answer with pointers',
  },
  {
    rule: /^AwsSolutions-(APIG3|APIG6)$/,
    constructs: /DeploymentStage\.v1\/Resource$/,
    because: 'the operator decides about a firewall; requests are in the access log',
  },
  {
    rule: /^AwsSolutions-S1$/,
    constructs: /Bucket\/Objects\/Resource$/,
    because: 'a log line for each object would cost as much as the objects; CloudTrail can log them instead',
  },
];

let findings: readonly Finding[];

beforeAll(() => {
  const app = newApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

  // The app does not synthesize while rules are broken, but the report is written.
  expect(() => synthesize({}, app)).toThrow('AwsSolutions');
  findings = findingsIn(join(app.outdir, 'validation-report.json'));
});

function findingsIn(file: string): Finding[] {
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as {
    pluginReports: {
      violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[];
    }[];
  };
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName: rule, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath: construct }) => ({ rule, construct })),
    ),
  );
}

function covers({ rule, constructs }: Exception, finding: Finding): boolean {
  return rule.test(finding.rule) && constructs.test(finding.construct);
}

test('the rules of AWS Solutions are broken only for a documented reason', () => {
  expect(findings.filter((finding) => !EXCEPTIONS.some((one) => covers(one, finding)))).toEqual([]);
});

test.each(EXCEPTIONS)('an exception from $rule is needed: $because', (exception) => {
  expect(findings.filter((finding) => covers(exception, finding))).not.toEqual([]);
});
